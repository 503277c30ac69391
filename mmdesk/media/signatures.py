"""First bytes by which formats are told apart, whatever the file is called.

Used to say "damaged" rather than "unknown" about a file whose beginning is right, and to tell
films from pictures cheaply. The reading itself is left to Pillow and FFmpeg, which probe for
themselves.
"""

from __future__ import annotations

from mmdesk.events import MediaKind

_PICTURES = (
    b"\xff\xd8\xff",
    b"\x89PNG\r\n\x1a\n",
    b"GIF87a",
    b"GIF89a",
    b"II*\x00",
    b"MM\x00*",
    b"II+\x00",
    b"MM\x00+",
    b"\x00\x00\x00\x0cjP  \r\n\x87\n",
    b"\xff\x4f\xff\x51",
)
_FILMS = (
    b"\x1a\x45\xdf\xa3",  # Matroska, WebM
    b"FLV\x01",
    b"\x30\x26\xb2\x75\x8e\x66\xcf\x11",  # ASF, WMV
    b"\x00\x00\x01\xba",  # MPEG program stream
    b"\x00\x00\x01\xb3",
    b"\x06\x0e\x2b\x34\x02\x05\x01\x01\x0d\x01\x02",  # MXF
    b".RMF",
)
_SOUNDS = (
    b"fLaC",
    b"ID3",
    b"FORM",
    b".snd",
    b"#!AMR",
    b"caff",
    b"MAC ",
    b"TTA1",
    b"wvpk",
    b"riff\x2e\x91\xcf\x11",
)
_ISO_PICTURES = (b"avif", b"avis", b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1")
_ISO_BOXES = (b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"pnot")
_RIFF = {b"AVI ": MediaKind.VIDEO, b"WAVE": MediaKind.SOUND, b"WEBP": MediaKind.PICTURE}
_TS_PACKET = 188


def signature_kind(head: bytes) -> MediaKind | None:
    """What the first bytes claim to be.

    Args:
        head: At least the first 1 KiB, or the whole file when it is shorter.

    Returns:
        Picture, video (also sound in a film container) or sound; None when nothing is recognised.
    """
    if head[:4] in (b"RIFF", b"RF64", b"RIFX"):
        return _RIFF.get(head[8:12])
    if head[4:8] in _ISO_BOXES:
        return MediaKind.PICTURE if head[8:12] in _ISO_PICTURES else MediaKind.VIDEO
    if head.startswith(b"OggS"):
        return MediaKind.VIDEO if b"\x80theora" in head[:512] else MediaKind.SOUND
    if _is_bitmap(head) or head.startswith(_PICTURES):
        return MediaKind.PICTURE
    if head.startswith(_FILMS) or _is_transport_stream(head):
        return MediaKind.VIDEO
    return MediaKind.SOUND if head.startswith(_SOUNDS) else None


def is_heif(head: bytes) -> bool:
    """Whether this is a HEIF picture (iPhone's .heic), which no library of ours reads."""
    return head[4:8] == b"ftyp" and head[8:12] in _ISO_PICTURES and not head[8:12].startswith(b"avi")


def looks_like_text(head: bytes) -> bool:
    """Whether the bytes are text in a common encoding, rather than a binary format."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        return True
    odd = sum(1 for byte in head if byte < 32 and byte not in b"\t\n\r\f\x1b")
    return bool(head) and odd == 0


def _is_bitmap(head: bytes) -> bool:
    return head.startswith(b"BM") and head[6:10] == b"\0\0\0\0"


def _is_transport_stream(head: bytes) -> bool:
    return len(head) > 3 * _TS_PACKET and all(head[i * _TS_PACKET] == 0x47 for i in range(4))

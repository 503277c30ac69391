"""A file may never make mmdesk open another file or a connection."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import av
import pytest

from mmdesk.control import Control
from mmdesk.errors import MediaError, UnsupportedMedia
from mmdesk.media.container import Demuxer, Written
from mmdesk.media.probe import probe

pytestmark = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")


class Bait:
    """A pipe called film.ts that counts how often somebody opens it for reading."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "film.ts"
        os.mkfifo(self.path)
        self.bites = 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()

    def _watch(self) -> None:
        while not self._over.wait(0.002):
            try:
                writing = os.open(self.path, os.O_WRONLY | os.O_NONBLOCK)
            except OSError:  # nobody reads
                continue
            self.bites += 1
            os.close(writing)

    def close(self) -> None:
        self._over.set()
        self._thread.join()


@pytest.fixture
def bait(tmp_path: Path) -> Iterator[Bait]:
    made = Bait(tmp_path)
    yield made
    made.close()


def playlists(target: str) -> dict[str, str]:
    return {
        "hls": f"#EXTM3U\n#EXT-X-TARGETDURATION:3\n#EXTINF:3.0,\n{target}\n#EXT-X-ENDLIST\n",
        "hls_key": "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:3\n"
        f'#EXT-X-KEY:METHOD=AES-128,URI="{target}"\n#EXTINF:3.0,\n{target}\n#EXT-X-ENDLIST\n',
        "concat": f"ffconcat version 1.0\nfile '{target}'\n",
        "dash": '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" '
        'mediaPresentationDuration="PT3S" profiles="urn:mpeg:dash:profile:isoff-on-demand:2011"><Period>'
        f'<AdaptationSet mimeType="video/mp4"><Representation id="1"><BaseURL>{target}</BaseURL>'
        "</Representation></AdaptationSet></Period></MPD>",
        "sdp": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 50004 RTP/AVP 96\n"
        "a=rtpmap:96 H264/90000\n",
        "realtime": f"rtsptextRTSP://{target}\n",
        "smil": f'<smil><body><video src="{target}"/></body></smil>',
        "asx": f'<asx version="3.0"><entry><ref href="{target}"/></entry></asx>',
        "asf_redirect": f"[Reference]\nRef1={target}\nRef2={target}\n",
        "ffmetadata": ";FFMETADATA1\ntitle=x\n",
        "imf": f'<?xml version="1.0"?><AssetMap><ChunkList><Path>{target}</Path></ChunkList></AssetMap>',
    }


@pytest.mark.parametrize("kind", sorted(playlists("")))
@pytest.mark.parametrize("name", ["film.mp4", "list.m3u8", "film.ffconcat", "x.sdp", "x.mpd"])
def test_lists_are_refused_and_their_entries_never_opened(
    tmp_path: Path, bait: Bait, kind: str, name: str
) -> None:
    path = tmp_path / name
    path.write_text(playlists(str(bait.path))[kind])
    with pytest.raises(UnsupportedMedia):
        probe(path)
    assert bait.bites == 0


def test_lists_of_internet_addresses_are_refused(tmp_path: Path) -> None:
    for kind, text in playlists("http://192.0.2.1/film.ts").items():
        path = tmp_path / f"{kind}.m3u8"
        path.write_text(text)
        with pytest.raises(UnsupportedMedia):
            probe(path)


@pytest.mark.parametrize(("kind", "name"), [("hls", "x.m3u8"), ("concat", "x.txt")])
def test_without_our_limits_ffmpeg_opens_the_entry(tmp_path: Path, bait: Bait, kind: str, name: str) -> None:
    """The lists of these tests are no blanks."""
    path = tmp_path / name
    path.write_text(playlists(str(bait.path))[kind])
    options = {"safe": "0", "protocol_whitelist": "file", "extension_picky": "0"}
    with pytest.raises(av.FFmpegError):
        av.open(str(path), options=options)
    assert bait.bites > 0


def test_even_an_allowed_format_may_open_nothing_else(tmp_path: Path, bait: Bait) -> None:
    """The second lock: were the format let through, opening anything further would still be refused."""
    path = tmp_path / "list"
    text = playlists("film.ts")["concat"].encode()
    with pytest.raises(MediaError), Demuxer(path, Control(), Written(text, "concat")):
        pass
    assert bait.bites == 0

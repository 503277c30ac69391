"""`python -m translations update` or `check`."""

from __future__ import annotations

import sys

from translations.catalogues import catalogue_files, faults, program_texts, read, save


def update() -> int:
    """Adds new texts to every catalogue, drops unused ones, and compiles."""
    texts = program_texts()
    for file in catalogue_files():
        catalogue = read(file)
        catalogue.update(texts, no_fuzzy_matching=True)
        save(file, catalogue)
    return check()


def check() -> int:
    """Says what is missing; 0 when every language is whole."""
    texts = program_texts()
    found = [fault for file in catalogue_files() for fault in faults(file, texts)]
    print("\n".join(found) or f"{len(texts)} texts in {len(catalogue_files())} further language(s)")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit({"update": update, "check": check}[sys.argv[1]]())

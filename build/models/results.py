"""Writes RESULTS.md anew, as the runs do when they have measured something.

python build/models/results.py
"""

from kit.rows import RESULTS, TARGET, render


def main() -> None:
    """Writes the file."""
    render()
    print(f"{TARGET} from {RESULTS}")


if __name__ == "__main__":
    main()

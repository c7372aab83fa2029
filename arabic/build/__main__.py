"""`python -m kashaf.arabic.build`: writes the data files of `kashaf.arabic` anew."""

from pathlib import Path

from . import letters

DATA = Path(__file__).parent.parent / "data"


def main() -> None:
    """Write every data file; the same inputs give the same bytes."""
    DATA.mkdir(exist_ok=True)
    (DATA / "classes.bin").write_bytes(letters.build())


if __name__ == "__main__":
    main()

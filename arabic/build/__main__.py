"""`python -m kashaf.arabic.build`: writes the data files of `kashaf.arabic` anew.

Needs the packages of the extra `lexicon`; takes a few minutes. The same versions of the
sources give the same bytes.
"""

from ..letters import DATA
from . import letters, lexicon


def main() -> None:
    """Write every data file."""
    DATA.mkdir(exist_ok=True)
    (DATA / "classes.bin").write_bytes(letters.build())
    (DATA / "lexicon.bin").write_bytes(lexicon.build())


if __name__ == "__main__":
    main()

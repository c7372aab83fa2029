"""`python -m kashaf.arabic.build`: writes the data files of `kashaf.arabic` anew.

Needs the packages of the extra `lexicon`; takes a few minutes. The same versions of the
sources give the same bytes.
"""

from pathlib import Path

from ..letters import DATA
from . import letters, lexicon


def main() -> None:
    """Write every data file."""
    data = Path(DATA)
    data.mkdir(exist_ok=True)
    for name, build in (("classes.bin", letters.build), ("lexicon.bin", lexicon.build)):
        fresh = data / f"{name}.new"
        fresh.write_bytes(build())
        fresh.replace(data / name)  # whoever has the old one mapped keeps it


if __name__ == "__main__":
    main()

"""Stems of words in other scripts: Snowball's English stemmer for Latin letters."""

LONGEST = 64


def stem(spelling: str) -> str:
    """The stem of a folded word that is not Arabic; numbers and other scripts stay as they are.

    English because its rules touch little of French, the other language of Arabic texts in Latin
    letters, but the plural; a stemmer is made for each word, since it keeps state.
    """
    if len(spelling) > LONGEST or not (spelling.isascii() and spelling.isalpha()):
        return spelling
    from snowballstemmer.english_stemmer import EnglishStemmer

    return str(EnglishStemmer().stemWord(spelling)) or spelling

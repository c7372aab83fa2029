from .twins.texts import (
    Texts as Texts,
)

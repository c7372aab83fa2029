from .twins.snippets import (
    Quoter as Quoter,
)

from .twins.lexing import (
    Interner as Interner,
)
from .twins.lexing import (
    Lexer as Lexer,
)

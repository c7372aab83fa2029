from .twins.lexing import (
    Interner as Interner,
)
from .twins.lexing import (
    Lexer as Lexer,
)
from .twins.lexing import (
    Tokens as Tokens,
)

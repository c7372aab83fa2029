from .twins.strings import (
    Strings as Strings,
)
from .twins.strings import (
    encode as encode,
)

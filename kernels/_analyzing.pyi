from .twins.analyzing import (
    Dictionary as Dictionary,
)
from .twins.analyzing import (
    Ladder as Ladder,
)
from .twins.analyzing import (
    Parser as Parser,
)

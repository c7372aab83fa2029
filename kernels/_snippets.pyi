from .twins.snippets import (
    Quoter as Quoter,
)
from .twins.snippets import (
    mark as mark,
)

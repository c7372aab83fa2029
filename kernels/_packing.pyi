from .twins.packing import (
    pack as pack,
)
from .twins.packing import (
    unpack as unpack,
)

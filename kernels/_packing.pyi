from .twins.packing import (
    Packed as Packed,
)
from .twins.packing import (
    pack as pack,
)
from .twins.packing import (
    tally as tally,
)
from .twins.packing import (
    unpack as unpack,
)

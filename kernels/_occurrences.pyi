from .twins.occurrences import (
    Occurrences as Occurrences,
)
from .twins.occurrences import (
    Places as Places,
)

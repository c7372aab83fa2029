from .twins.scanning import (
    Lists as Lists,
)
from .twins.scanning import (
    Scan as Scan,
)
from .twins.scanning import (
    TopK as TopK,
)
from .twins.scanning import (
    locate as locate,
)

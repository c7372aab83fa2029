from .twins.loading import (
    Blocks as Blocks,
)
from .twins.loading import (
    find_line as find_line,
)
from .twins.loading import (
    load as load,
)
from .twins.loading import (
    spread as spread,
)

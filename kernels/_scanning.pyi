from .twins.scanning import (
    Impacts as Impacts,
)
from .twins.scanning import (
    Lists as Lists,
)
from .twins.scanning import (
    TopK as TopK,
)
from .twins.scanning import (
    best as best,
)
from .twins.scanning import (
    count_any as count_any,
)
from .twins.scanning import (
    locate as locate,
)
from .twins.scanning import (
    locate_phrase as locate_phrase,
)
from .twins.scanning import (
    weigh_phrase as weigh_phrase,
)
from .twins.scanning import (
    weigh_word as weigh_word,
)

"""`python -m cli` is `strongroom`."""

import sys

from cli.main import main

sys.exit(main())

"""`python -m strongroom_cli` is `strongroom`."""

import sys

from strongroom_cli.main import main

sys.exit(main())

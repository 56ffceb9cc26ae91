"""Where the AWS of the benchmarks answers, and the path under which it forgets everything."""

from typing import Final

HOST: Final = "127.0.0.1"
RESET: Final = "/benchmarks/reset"

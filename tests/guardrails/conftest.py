"""Node's engine is collected where Node is present with its packages, and not where it is absent."""

from tests.guardrails.scp_engines import node_is_ready

collect_ignore = [] if node_is_ready() else ["test_scp_matrix_in_node.py"]

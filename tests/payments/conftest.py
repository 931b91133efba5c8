"""Shared by the bank's tests; the sandbox and the teller come from tests/plugins/sandbox.py."""

from tests.plugins.sandbox import Letters

__all__ = ["Letters"]

"""YAML of our own files, read by libyaml where PyYAML was built with it: the pure reader takes eight times as long."""

from typing import Any

import yaml

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def load(text: str) -> Any:
    """Return what a YAML text says; raises yaml.YAMLError."""
    return yaml.load(text, Loader=LOADER)  # noqa: S506, both are safe loaders

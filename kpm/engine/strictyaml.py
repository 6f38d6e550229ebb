"""YAML as the catalogues are written: safe, and a key written twice in one mapping is refused."""

from typing import Any

import yaml


class WrittenTwice(yaml.YAMLError):
    """A key that stands twice in one mapping; its text names the line and the key."""


class StrictLoader(yaml.SafeLoader):
    """A YAML loader that raises WrittenTwice instead of letting the later value win."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        for key in keys:
            if keys.count(key) > 1:
                raise WrittenTwice(f"Line {node.start_mark.line + 1}: the key {key} is written twice.")
        return super().construct_mapping(node, deep)

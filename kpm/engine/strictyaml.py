"""YAML as the catalogues are written: safe, and a key written twice in one mapping is refused."""

from typing import Any

import yaml

# libyaml reads the catalogue eight times as fast, where PyYAML was built with it.
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class WrittenTwice(yaml.YAMLError):
    """A key that stands twice in one mapping; `line` is where it stands again, counted from 1."""

    def __init__(self, key: object, line: int) -> None:
        self.line = line
        self.problem = f"the key {key} is written twice"
        super().__init__(f"Line {line}: {self.problem}.")


class StrictLoader(LOADER):  # type: ignore[misc]
    """A YAML loader that raises WrittenTwice instead of letting the later value win."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        for at, key in enumerate(keys):
            if key in keys[:at]:
                raise WrittenTwice(key, node.value[at][0].start_mark.line + 1)
        return dict(super().construct_mapping(node, deep))

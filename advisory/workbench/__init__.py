"""The staff screens: my queue, one task, one client on one page. No models."""

"""The product shelf, suitability at sale, orders and settlement."""

"""What we conclude: features as SQL, one wide row per client and day, and traits."""

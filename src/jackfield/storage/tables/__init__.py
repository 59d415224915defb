"""Tables, one file for each area, all on `base.metadata`."""

"""Tools in the forms of other libraries, none of which is imported unless it is used."""

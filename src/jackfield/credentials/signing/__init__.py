"""The schemes that sign each request anew, a file each."""

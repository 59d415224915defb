"""Looking at things and changing them: one file a resource, with permission, audit and change event."""

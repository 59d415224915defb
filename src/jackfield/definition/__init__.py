"""What a connector is: the authoring API, the frozen definition, its schemas."""

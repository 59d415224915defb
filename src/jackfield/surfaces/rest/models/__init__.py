"""What the document of the REST surface says about bodies and answers, and the bodies as they are read."""

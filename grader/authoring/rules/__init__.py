"""The rules of the course as a pytest plugin: each notebook, exercise and stored answer is a test item."""

"""For who maintains the course: the release, the generated pages, the rules that every notebook keeps."""

DOORS = ("course", "release", "section", "soundness")

"""What other platforms give and take: lists of people, worksheets and uploads of Moodle and Canvas."""

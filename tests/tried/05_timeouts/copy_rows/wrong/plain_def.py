# cause: async
def copy_rows(rows, dest):
    try:
        for row in rows:
            dest.write(row)
    finally:
        dest.close()

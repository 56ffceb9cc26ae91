"""What a resource can be restored from: its recovery points, by what each loses and how long it takes."""

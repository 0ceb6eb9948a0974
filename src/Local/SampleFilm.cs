namespace HlsCache.Local;

/// <summary>The film that is served when no media directory is given.</summary>
internal static class SampleFilm
{
    /// <summary>The directory that holds the film. One already there is kept: its time stamp is part of what the cache knows it by.</summary>
    public static string Provide(Installation installation, string data)
    {
        var directory = Directory.CreateDirectory(Path.Combine(data, "sample")).FullName;
        var film = new FileInfo(Path.Combine(directory, "big-buck-bunny.mp4"));
        if (!film.Exists)
        {
            // Outside the directory until it is whole, so that no half film is ever served.
            var copy = Path.Combine(data, "sample.part");
            File.Copy(installation.SampleFilm, copy, overwrite: true);
            File.Move(copy, film.FullName);
        }

        return directory;
    }
}

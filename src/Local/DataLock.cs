namespace HlsCache.Local;

/// <summary>Keeps two launchers from using the same data.</summary>
internal static class DataLock
{
    /// <summary>The lock, held until it is disposed or the process ends; null when another launcher holds it.</summary>
    public static FileStream? Take(string data)
    {
        var path = Path.Combine(Directory.CreateDirectory(data).FullName, "run.lock");
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException) when (File.Exists(path))
        {
            return null;
        }
    }
}

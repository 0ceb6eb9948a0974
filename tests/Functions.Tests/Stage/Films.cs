using HlsCache.Core.Keys;
using HlsCache.Core.Sources;

namespace HlsCache.Functions.Tests.Stage;

/// <summary>A folder with <c>film.mkv</c> in it.</summary>
internal sealed class Films : IDisposable
{
    private readonly string parent = Directory.CreateTempSubdirectory("hls-films-").FullName;

    public Films()
    {
        Directory.CreateDirectory(Folder);
        Write("film.mkv", "a film");
    }

    public string Folder => Path.Join(parent, "media");

    public string Write(string name, string content)
    {
        var path = Path.Join(Folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        return $"/media/{name}";
    }

    /// <summary>Another film under the same name.</summary>
    public void Replace(string name = "film.mkv") => Write(name, "quite another film");

    /// <summary>A file beside the root, and a link to it in the root.</summary>
    public string LinkOut(string name)
    {
        var secret = Path.Join(parent, "secret.mkv");
        File.WriteAllText(secret, "not for viewers");
        File.CreateSymbolicLink(Path.Join(Folder, name), secret);
        return $"/media/{name}";
    }

    public string Stamp(string source) =>
        new FileRoot("media", Folder).FindAsync(SourcePath.Parse(source, out _)!.Value, CancellationToken.None).Result!.Stamp;

    public void Dispose() => Directory.Delete(parent, recursive: true);
}

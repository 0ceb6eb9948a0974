namespace HlsCache.Testing;

/// <summary>Finds files of the checkout from wherever the tests run.</summary>
public static class Repository
{
    private static readonly string Root = Find(new DirectoryInfo(AppContext.BaseDirectory));

    public static string Path(string relative) => System.IO.Path.Join(Root, relative);

    private static string Find(DirectoryInfo? folder) => folder switch
    {
        null => throw new InvalidOperationException("The tests do not run below the checkout."),
        _ when File.Exists(System.IO.Path.Join(folder.FullName, "Serverless.sln")) => folder.FullName,
        _ => Find(folder.Parent),
    };
}

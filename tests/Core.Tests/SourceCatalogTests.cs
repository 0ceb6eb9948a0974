using HlsCache.Core.Keys;
using HlsCache.Core.Sources;

namespace HlsCache.Core.Tests;

public sealed class SourceCatalogTests : IDisposable
{
    private readonly string temp = Directory.CreateTempSubdirectory("hlscache-").FullName;

    public void Dispose() => Directory.Delete(temp, recursive: true);

    [Fact]
    public async Task A_film_is_found_in_its_own_root_only()
    {
        var catalog = Catalog("media", "media2");
        Write("media/film.mkv");
        (await FindAsync(catalog, "/media/film.mkv")).ShouldNotBeNull().Path.Value.ShouldBe("/media/film.mkv");
        (await FindAsync(catalog, "/media2/film.mkv")).ShouldBeNull();
    }

    [Theory]
    [InlineData("/other/film.mkv")]
    [InlineData("/Media/film.mkv")]
    [InlineData("/medi/film.mkv")]
    [InlineData("/media/absent.mkv")]
    public async Task An_unknown_root_looks_like_an_unknown_film(string path)
    {
        var catalog = Catalog("media");
        Write("media/film.mkv");
        (await FindAsync(catalog, path)).ShouldBeNull();
    }

    [Theory]
    [InlineData("", "/archive/x.mkv /media/a/b.mkv /media/film.mkv /media2/film.mkv")]
    [InlineData("/", "/archive/x.mkv /media/a/b.mkv /media/film.mkv /media2/film.mkv")]
    [InlineData("/media", "/media/a/b.mkv /media/film.mkv /media2/film.mkv")]
    [InlineData("/media/", "/media/a/b.mkv /media/film.mkv")]
    [InlineData("/media2", "/media2/film.mkv")]
    [InlineData("/media/a", "/media/a/b.mkv")]
    [InlineData("/nothing", "")]
    [InlineData("media", "")]
    public async Task A_prefix_chooses_among_roots_and_films(string prefix, string expected)
    {
        var catalog = Catalog("media2", "media", "archive");
        foreach (var path in new[] { "media/film.mkv", "media/a/b.mkv", "media2/film.mkv", "archive/x.mkv" })
        {
            Write(path);
        }

        string.Join(' ', await ListAsync(catalog, prefix, null)).ShouldBe(expected);
    }

    // '-', '.' and ' ' sort before the slash that ends a root's name, so "media" does not come before "media-2".
    [Fact]
    public async Task Every_path_is_a_bookmark_over_all_roots()
    {
        string[] names = ["media", "media-2", "media.old", "media 3", "media0", "a"];
        var catalog = Catalog(names);
        foreach (var name in names)
        {
            Write($"{name}/x.mkv");
            Write($"{name}/y/z.mkv");
        }

        var all = await ListAsync(catalog, "", null);
        all.Count.ShouldBe(12);
        all.ShouldBe(all.Order(StringComparer.Ordinal));
        for (var i = 0; i < all.Count; i++)
        {
            (await ListAsync(catalog, "", all[i])).ShouldBe(all.Skip(i + 1));
        }
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static Task<SourceFile?> FindAsync(SourceCatalog catalog, string path) =>
        catalog.FindAsync(SourcePath.Parse(path, out _).ShouldNotBeNull(), Cancel);

    private static ValueTask<List<string>> ListAsync(SourceCatalog catalog, string prefix, string? after) =>
        catalog.ListAsync(prefix, after, Cancel).Select(f => f.Path.Value).ToListAsync(Cancel);

    private SourceCatalog Catalog(params string[] roots) => new([.. roots.Select(r => new FileRoot(r, Directory.CreateDirectory(Path.Join(temp, r)).FullName))]);

    private void Write(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Join(temp, path))!);
        File.WriteAllText(Path.Join(temp, path), "x");
    }
}

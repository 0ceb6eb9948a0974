using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.Versioning;
using HlsCache.Core.Keys;
using HlsCache.Core.Sources;

namespace HlsCache.Core.Tests;

[UnsupportedOSPlatform("windows")]
public sealed class FileRootTests : IDisposable
{
    private readonly string temp = Directory.CreateTempSubdirectory("hlscache-").FullName;
    private readonly string media;
    private readonly FileRoot root;

    public FileRootTests()
    {
        media = Directory.CreateDirectory(Path.Join(temp, "media")).FullName;
        root = new("media", media);
    }

    public void Dispose() => Directory.Delete(temp, recursive: true);

    [Fact]
    public async Task A_film_is_found_with_size_stamp_and_path()
    {
        Write("a/film.mkv", bytes: 26);
        File.SetLastWriteTimeUtc(Path.Join(media, "a/film.mkv"), new DateTime(0x1234, DateTimeKind.Utc));
        (await FindAsync("/media/a/film.mkv")).ShouldBe(new(At("/media/a/film.mkv"), 26, Stamp("a/film.mkv"), Path.Join(media, "a/film.mkv")));
    }

    [Fact]
    public async Task The_stamp_changes_with_size_or_time()
    {
        Write("film.mkv", bytes: 1);
        var time = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(Path.Join(media, "film.mkv"), time);
        var stamps = new List<string> { await StampAsync() };
        File.SetLastWriteTimeUtc(Path.Join(media, "film.mkv"), time.AddSeconds(1));
        stamps.Add(await StampAsync());
        Write("film.mkv", bytes: 2);
        File.SetLastWriteTimeUtc(Path.Join(media, "film.mkv"), time);
        stamps.Add(await StampAsync());
        stamps.Distinct(StringComparer.Ordinal).Count().ShouldBe(3);
        (await StampAsync()).ShouldBe(stamps[2]);

        async Task<string> StampAsync() => (await FindAsync("/media/film.mkv")).ShouldNotBeNull().Stamp;
    }

    [Theory]
    [InlineData(" a film .mkv")]
    [InlineData("Größe/日本語 🎬.mkv")]
    [InlineData("100%.mkv")]
    [InlineData("a%2fb/%2e%2e/c.mkv")]
    [InlineData("what? \"it's\" #1 & [2] *.mkv")]
    [InlineData("-n.mkv")]
    [InlineData("...mkv")]
    public async Task A_name_may_hold_any_character(string name)
    {
        Write(name, bytes: 3);
        (await FindAsync($"/media/{name}")).ShouldNotBeNull().Input.ShouldBe(Path.Join(media, name));
        (await ListAsync()).ShouldBe([$"/media/{name}"]);
    }

    [Theory]
    [InlineData("/media/absent.mkv")]
    [InlineData("/media/absent/film.mkv")]
    [InlineData("/media/folder")]
    [InlineData("/media/folder/film.mkv/more")]
    [InlineData("/media/FOLDER/film.mkv")]
    public async Task What_is_no_file_is_not_found(string path)
    {
        Write("folder/film.mkv");
        (await FindAsync("/media/folder/film.mkv")).ShouldNotBeNull();
        (await FindAsync(path)).ShouldBeNull();
    }

    [Fact]
    public async Task A_name_longer_than_a_file_system_allows_is_not_found()
    {
        (await FindAsync("/media/" + new string('x', 300))).ShouldBeNull();
        (await FindAsync("/media/" + string.Join('/', Enumerable.Repeat("x", 500)))).ShouldBeNull();
    }

    [Fact]
    public async Task A_link_out_of_the_root_is_not_followed()
    {
        Directory.CreateDirectory(Path.Join(temp, "secret"));
        File.WriteAllText(Path.Join(temp, "secret/film.mkv"), "x");
        Link("absolute.mkv", Path.Join(temp, "secret/film.mkv"));
        Link("relative.mkv", "../secret/film.mkv");
        Link("folder", Path.Join(temp, "secret"));
        Link("folder2", "../secret");
        Link("chain.mkv", "relative.mkv");
        foreach (var name in new[] { "absolute.mkv", "relative.mkv", "folder/film.mkv", "folder2/film.mkv", "chain.mkv" })
        {
            File.Exists(Path.Join(media, name)).ShouldBeTrue();
            (await FindAsync($"/media/{name}")).ShouldBeNull(name);
        }

        (await ListAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_link_into_a_sibling_whose_name_begins_alike_is_not_followed()
    {
        Directory.CreateDirectory(Path.Join(temp, "media2"));
        File.WriteAllText(Path.Join(temp, "media2/film.mkv"), "x");
        Link("film.mkv", "../media2/film.mkv");
        (await FindAsync("/media/film.mkv")).ShouldBeNull();
    }

    [Fact]
    public async Task A_link_that_stays_inside_is_followed()
    {
        Write("real/film.mkv", bytes: 5);
        Link("file.mkv", "real/film.mkv");
        Link("absolute.mkv", Path.Join(media, "real/film.mkv"));
        Link("folder", "real");
        Link("real/up.mkv", "../file.mkv");
        Link("out-and-back.mkv", "../media/real/film.mkv");
        foreach (var name in new[] { "file.mkv", "absolute.mkv", "folder/film.mkv", "real/up.mkv", "out-and-back.mkv" })
        {
            var file = (await FindAsync($"/media/{name}")).ShouldNotBeNull(name);
            (file.Path.Value, file.Bytes, file.Input).ShouldBe(($"/media/{name}", 5, Path.Join(media, "real/film.mkv")));
        }

        // A linked folder's films are listed where they really are.
        (await ListAsync()).ShouldBe(["/media/absolute.mkv", "/media/file.mkv", "/media/out-and-back.mkv", "/media/real/film.mkv", "/media/real/up.mkv"]);
    }

    [Fact]
    public async Task Links_that_go_in_a_circle_end()
    {
        Write("film.mkv");
        Link("self.mkv", "self.mkv");
        Link("a.mkv", "b.mkv");
        Link("b.mkv", "a.mkv");
        Link("here", ".");
        Link("broken.mkv", "absent.mkv");
        foreach (var name in new[] { "self.mkv", "a.mkv", "b.mkv", "broken.mkv", "here" })
        {
            (await FindAsync($"/media/{name}")).ShouldBeNull(name);
        }

        (await FindAsync("/media/here/here/film.mkv")).ShouldNotBeNull();
        (await ListAsync()).ShouldBe(["/media/film.mkv"]);
    }

    [Fact]
    public async Task The_root_itself_may_be_a_link()
    {
        Write("film.mkv");
        Directory.CreateSymbolicLink(Path.Join(temp, "link"), media);
        var linked = new FileRoot("media", Path.Join(temp, "link") + "/");
        (await linked.FindAsync(At("/media/film.mkv"), Cancel)).ShouldNotBeNull();
        (await linked.ListAsync("", null, Cancel).ToListAsync(Cancel)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task The_root_may_be_the_whole_file_system()
    {
        Write("film.mkv");
        var all = new FileRoot("fs", "/");
        (await all.FindAsync(At($"/fs{media}/film.mkv"), Cancel)).ShouldNotBeNull().Input.ShouldBe(Path.Join(media, "film.mkv"));
    }

    [Fact]
    public async Task A_listing_shows_media_in_the_order_of_whole_paths()
    {
        string[] names = ["a-b.mkv", "a.mkv", "a/b.mkv", "a/b/c.mkv", "a0.mkv", "a b.mkv", "B.MP4", "a!/x.mkv", "a/b-.mkv", "é.mkv", "a-/z.mkv"];
        foreach (var name in names.Concat(["notes.txt", "cover.jpg", "noextension", "a/.hidden"]))
        {
            Write(name);
        }

        (await ListAsync()).ShouldBe(names.Select(n => $"/media/{n}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_path_is_a_bookmark()
    {
        foreach (var name in new[] { "a-b.mkv", "a.mkv", "a/b.mkv", "a/b/c.mkv", "a/b/d.mkv", "a/c.mkv", "a0.mkv", "a!/x.mkv", "b/x.mkv" })
        {
            Write(name);
        }

        var all = await ListAsync();
        all.Count.ShouldBe(9);
        for (var i = 0; i < all.Count; i++)
        {
            (await ListAsync(after: all[i])).ShouldBe(all.Skip(i + 1));
        }

        // One that has been deleted since is a bookmark too.
        (await ListAsync(after: "/media/a/b/cc.mkv")).ShouldBe(all.Where(p => string.CompareOrdinal(p, "/media/a/b/cc.mkv") > 0));
        (await ListAsync(after: "/media/a")).ShouldBe(all.Where(p => string.CompareOrdinal(p, "/media/a") > 0));
        (await ListAsync(after: "")).ShouldBe(all);
        (await ListAsync(after: "/media0")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("", 6)]
    [InlineData("/", 6)]
    [InlineData("/media", 6)]
    [InlineData("/media/", 6)]
    [InlineData("/media/a", 5)]
    [InlineData("/media/a/", 3)]
    [InlineData("/media/a/b", 2)]
    [InlineData("/media/a/b/", 1)]
    [InlineData("/media/a/b/c.mkv", 1)]
    [InlineData("/media/A", 0)]
    [InlineData("/other", 0)]
    [InlineData("/media/a/b/c.mkv/", 0)]
    public async Task A_prefix_chooses(string prefix, int count)
    {
        string[] names = ["a.mkv", "a/b.mkv", "a/b/c.mkv", "a/c.mkv", "a0.mkv", "b.mkv"];
        foreach (var name in names)
        {
            Write(name);
        }

        var found = await ListAsync(prefix);
        found.Count.ShouldBe(count);
        found.ShouldBe(names.Select(n => $"/media/{n}").Where(p => p.StartsWith(prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        (await ListAsync(prefix, after: "/media/a/b.mkv")).ShouldBe(found.Where(p => string.CompareOrdinal(p, "/media/a/b.mkv") > 0));
    }

    [Fact]
    public async Task Names_that_cannot_be_asked_for_are_not_shown()
    {
        Write("good.mkv");
        Write("back\\slash.mkv");
        Write("line\nbreak.mkv");
        (await ListAsync()).ShouldBe(["/media/good.mkv"]);
    }

    // The superuser may enter it all the same: then its film is shown, and the others in either case.
    [Fact]
    public async Task A_folder_that_may_not_be_entered_does_not_spoil_the_others()
    {
        Write("closed/x.mkv");
        Write("open/y.mkv");
        var closed = Path.Join(media, "closed");
        File.SetUnixFileMode(closed, UnixFileMode.None);
        try
        {
            (await ListAsync()).ShouldBe(Environment.IsPrivilegedProcess ? ["/media/closed/x.mkv", "/media/open/y.mkv"] : ["/media/open/y.mkv"]);
            (await FindAsync("/media/closed/x.mkv") is not null).ShouldBe(Environment.IsPrivilegedProcess);
        }
        finally
        {
            File.SetUnixFileMode(closed, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    [Fact]
    public async Task Only_files_are_films_even_without_length()
    {
        Write("empty.mkv", bytes: 0);
        await MakePipeAsync("pipe.mkv");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(Path.Join(media, "socket.mkv")));
        Link("link.mkv", "pipe.mkv");

        (await ListAsync()).ShouldBe(["/media/empty.mkv"]);
        (await FindAsync("/media/empty.mkv")).ShouldNotBeNull().Bytes.ShouldBe(0);
        foreach (var name in new[] { "pipe.mkv", "socket.mkv", "link.mkv" })
        {
            (await FindAsync($"/media/{name}")).ShouldBeNull(name);
        }
    }

    [Theory]
    [InlineData("null")]
    [InlineData("zero")]
    [InlineData("tty")]
    public async Task A_device_is_no_film(string name) =>
        (await new FileRoot("dev", "/dev").FindAsync(At($"/dev/{name}"), Cancel)).ShouldBeNull();

    [Fact]
    public async Task A_root_that_is_gone_holds_nothing()
    {
        var gone = new FileRoot("gone", Path.Join(temp, "absent"));
        (await gone.FindAsync(At("/gone/film.mkv"), Cancel)).ShouldBeNull();
        (await gone.ListAsync("", null, Cancel).ToListAsync(Cancel)).ShouldBeEmpty();
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static SourcePath At(string path) => SourcePath.Parse(path, out _).ShouldNotBeNull();

    private Task<SourceFile?> FindAsync(string path) => root.FindAsync(At(path), Cancel);

    private ValueTask<List<string>> ListAsync(string prefix = "", string? after = null) =>
        root.ListAsync(prefix, after, Cancel).Select(f => f.Path.Value).ToListAsync(Cancel);

    private string Stamp(string name) => $"{new FileInfo(Path.Join(media, name)).Length:x}-{File.GetLastWriteTimeUtc(Path.Join(media, name)).Ticks:x}";

    private void Write(string name, int bytes = 1)
    {
        var path = Path.Join(media, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, new byte[bytes]);
    }

    private async Task MakePipeAsync(string name)
    {
        using var process = Process.Start("mkfifo", [Path.Join(media, name)]);
        await process.WaitForExitAsync(Cancel);
        process.ExitCode.ShouldBe(0);
    }

    private void Link(string name, string target) => File.CreateSymbolicLink(Path.Join(media, name), target);
}

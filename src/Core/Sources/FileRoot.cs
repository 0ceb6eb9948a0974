using System.Formats.Tar;
using System.Runtime.CompilerServices;
using HlsCache.Core.Keys;

namespace HlsCache.Core.Sources;

/// <summary>A directory of films: local, or a mounted share. Symbolic links may lead anywhere inside it and nowhere else.</summary>
public sealed class FileRoot : ISourceRoot
{
    private readonly string directory;
    private readonly string inside;

    /// <param name="name">First segment of the films' paths.</param>
    /// <param name="directory">An existing directory.</param>
    public FileRoot(string name, string directory)
    {
        Name = name;
        this.directory = Path.TrimEndingDirectorySeparator(RealPath(Path.GetFullPath(directory)) ?? Path.GetFullPath(directory));
        inside = this.directory == "/" ? "/" : this.directory + "/";
    }

    public string Name { get; }

    public Task<SourceFile?> FindAsync(SourcePath path, CancellationToken cancellationToken) => Task.FromResult(Stat(path));

    public Task<string?> CheckAsync(CancellationToken cancellationToken) =>
        Task.FromResult(Directory.Exists(directory) ? null : $"The films of {Name} cannot be read: their directory is not there.");

    public async IAsyncEnumerable<SourceFile> ListAsync(string prefix, string? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Yield();
        foreach (var virtualPath in Walk(new DirectoryInfo(directory), $"/{Name}/", prefix, after))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (SourcePath.Parse(virtualPath, out _) is { } path && Stat(path) is { } file)
            {
                yield return file;
            }
        }
    }

    private static IEnumerable<string> Walk(DirectoryInfo folder, string folderPath, string prefix, string? after)
    {
        FileSystemInfo[] items;
        try
        {
            items = folder.GetFileSystemInfos();
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            yield break; // A folder that may not be read has nothing to show.
        }

        // Folders sort with their slash, so that the order is that of whole paths and `after` can be a bookmark.
        foreach (var (item, path) in items
            .Select(i => (Item: i, Path: folderPath + i.Name + (i is DirectoryInfo ? "/" : "")))
            .OrderBy(i => i.Path, StringComparer.Ordinal))
        {
            if (item is DirectoryInfo child)
            {
                var mayMatch = path.StartsWith(prefix, StringComparison.Ordinal) || prefix.StartsWith(path, StringComparison.Ordinal);
                var mayFollow = after is null || string.CompareOrdinal(path, after) > 0 || after.StartsWith(path, StringComparison.Ordinal);
                // A linked folder could lead round in a circle.
                if (mayMatch && mayFollow && child.LinkTarget is null)
                {
                    foreach (var found in Walk(child, path, prefix, after))
                    {
                        yield return found;
                    }
                }
            }
            else if (path.StartsWith(prefix, StringComparison.Ordinal) && string.CompareOrdinal(path, after) > 0 && MediaFiles.IsMedia(path))
            {
                yield return path;
            }
        }
    }

    private SourceFile? Stat(SourcePath path)
    {
        try
        {
            var real = RealPath(Path.Join(directory, path.Relative));
            if (real is null || !real.StartsWith(inside, StringComparison.Ordinal))
            {
                return null;
            }

            var file = new FileInfo(real);
            return file.Exists && (file.Length > 0 || IsRegular(real))
                ? new(path, file.Length, $"{file.Length:x}-{file.LastWriteTimeUtc.Ticks:x}", real)
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // A name too long for the file system, a folder that may not be entered, or a socket: nothing that could be played.
        }
    }

    /// <summary>
    /// Whether something of no length is a file that is empty, and not a pipe, a socket or a device, which would hang whoever opens it. What .NET
    /// tells of a path does not show that; what an archive would call it does, and is found out without opening anything but a file.
    /// </summary>
    private static bool IsRegular(string path)
    {
        using var archive = new MemoryStream();
        using (var writer = new TarWriter(archive, leaveOpen: true))
        {
            writer.WriteEntry(path, "source"); // Throws for a socket, which no archive can hold.
        }

        archive.Position = 0;
        using var reader = new TarReader(archive);
        return reader.GetNextEntry()?.EntryType == TarEntryType.RegularFile;
    }

    /// <summary>The path with every symbolic link resolved, or null when it names nothing or the links go in a circle.</summary>
    private static string? RealPath(string path)
    {
        const int mostLinks = 40; // As Linux itself allows.
        var links = 0;
        var resolved = "/";
        var rest = new Stack<string>(path.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse());
        while (rest.TryPop(out var segment))
        {
            if (segment == ".")
            {
                continue;
            }

            if (segment == "..")
            {
                resolved = Path.GetDirectoryName(resolved) ?? "/";
                continue;
            }

            var next = Path.Join(resolved, segment);
            FileSystemInfo info = Directory.Exists(next) ? new DirectoryInfo(next) : new FileInfo(next);
            if (info.LinkTarget is { } target)
            {
                if (++links > mostLinks)
                {
                    return null;
                }

                resolved = target.StartsWith('/') ? "/" : resolved;
                foreach (var part in target.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse())
                {
                    rest.Push(part);
                }
            }
            else if (!info.Exists)
            {
                return null;
            }
            else
            {
                resolved = next;
            }
        }

        return resolved;
    }
}

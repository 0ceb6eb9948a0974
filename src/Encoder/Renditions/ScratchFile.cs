namespace HlsCache.Encoder.Renditions;

/// <summary>A file without a name, which goes with this process however that ends. Another process opens it through this one's handle.</summary>
internal sealed class ScratchFile : IAsyncDisposable
{
    private readonly FileStream file;

    public ScratchFile()
    {
        var name = System.IO.Path.Join(System.IO.Path.GetTempPath(), $"hlscache-{Guid.NewGuid():N}");
        file = new(name, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        File.Delete(name);
    }

    /// <summary>The name under which others find it while it is open.</summary>
    public string Path => $"/proc/{Environment.ProcessId}/fd/{file.SafeFileHandle.DangerousGetHandle()}";

    /// <summary>All that was written.</summary>
    public async Task<byte[]> ReadAsync(CancellationToken cancellationToken)
    {
        var content = new byte[file.Length];
        file.Position = 0;
        await file.ReadExactlyAsync(content, cancellationToken);
        return content;
    }

    public ValueTask DisposeAsync() => file.DisposeAsync();
}

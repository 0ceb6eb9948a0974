namespace HlsCache.Encoder.Inputs;

/// <summary>What one ffmpeg opens, for as long as it runs.</summary>
public sealed class SourceInput : IDisposable
{
    private readonly RangeServer? server;
    private readonly SourceBlocks? film;

    internal SourceInput(string file) => Name = file;

    internal SourceInput(RangeServer server, SourceBlocks film)
    {
        (this.server, this.film) = (server, film);
        Name = server.Open(film);
    }

    /// <summary>A file, or an address on this machine.</summary>
    public string Name { get; }

    /// <summary>Waits for a run that reads it. Whatever ffmpeg made of an input that broke off, that it did is what happened.</summary>
    /// <exception cref="EncodeException">The film changed.</exception>
    /// <exception cref="Core.Sources.SourceUnavailableException">The film could not be read.</exception>
    public async Task<T> WatchAsync<T>(Task<T> run)
    {
        T result;
        try
        {
            result = await run;
        }
        catch (Exception e) when (e is not OperationCanceledException && film is { IsBroken: true })
        {
            film.ThrowIfBroken();
            throw;
        }

        film?.ThrowIfBroken();
        return result;
    }

    public void Dispose()
    {
        server?.Close(Name);
        film?.Dispose();
    }
}

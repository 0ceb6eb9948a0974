namespace HlsCache.Encoder.Renditions;

/// <summary>Lets a few uploads run beside the encode. A failure surfaces at the next step.</summary>
internal sealed class UploadWindow(int width)
{
    private readonly List<Task> running = [];

    /// <summary>Takes a started upload; waits while all places are taken.</summary>
    public async Task AddAsync(Task upload)
    {
        running.Add(upload);
        while (running.Count >= width || running.Exists(t => t.IsCompleted))
        {
            var done = await Task.WhenAny(running);
            running.Remove(done);
            await done;
        }
    }

    public Task DrainAsync() => Task.WhenAll(running);
}

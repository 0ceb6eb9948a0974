using System.Text.Json;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Specialized;
using Azure.Storage.Queues;
using HlsCache.Core.Entries;
using HlsCache.Core.Jobs;
using HlsCache.Core.Keys;
using HlsCache.Testing.Hosts;
using Microsoft.Extensions.DependencyInjection;

namespace HlsCache.EndToEnd.Tests.Soak;

/// <summary>A function app, films and an account for encoders that are not well.</summary>
/// <param name="account">Connection string.</param>
/// <param name="preset">Slow enough for the film to last as long as the test needs.</param>
/// <param name="more">Further settings, with : for __.</param>
internal sealed class SoakDeployment(string account, string preset, params IEnumerable<(string Name, string? Value)> more) : IAsyncDisposable
{
    private TestFunctionApp? app;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public TestFunctionApp App => app.ShouldNotBeNull();

    /// <summary>Where the films are.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("hlscache-soak-").FullName;

    public Dictionary<string, string?> Settings => new(more.Select(s => KeyValuePair.Create(s.Name, s.Value)), StringComparer.Ordinal)
    {
        ["Storage:ConnectionString"] = account,
        ["Sources:media:Path"] = Folder,
        ["Queue:PollMilliseconds"] = "50",
        ["HlsCache:SegmentSeconds"] = "1",
        ["Encode:Preset"] = preset,
        ["Encoder:Threads"] = "1",
    };

    public async Task StartAsync() => app = await TestFunctionApp.StartAsync(Settings);

    public async Task<Entry> EntryAsync(JsonElement play)
    {
        var key = EntryKey.Parse(play.GetProperty("key").GetString()!).ShouldNotBeNull();
        return (await App.Services.GetRequiredService<IEntryStore>().ReadAsync(key, Token)).Current.ShouldNotBeNull();
    }

    public BlobContainerClient Container(JsonElement play) =>
        new BlobServiceClient(account).GetBlobContainerClient($"hls-{play.GetProperty("key").GetString()}-{play.GetProperty("generation").GetString()}");

    /// <summary>No message is left, not even those that the dead still seem to hold.</summary>
    public Task ForgetMessagesAsync() => new QueueClient(account, "encode-jobs").ClearMessagesAsync(Token);

    /// <summary>Takes from an encoder what storage would keep for it for a minute: the lock, and the message in favour of another one.</summary>
    public async Task FreeAsync(JsonElement play)
    {
        var writer = Container(play).GetBlobClient(".writer");
        if (await writer.ExistsAsync(Token))
        {
            try
            {
                await writer.GetBlobLeaseClient().BreakAsync(TimeSpan.Zero, cancellationToken: Token);
            }
            catch (RequestFailedException e) when (e.Status == 409)
            {
                // It had not taken the lock.
            }
        }

        await App.Services.GetRequiredService<IJobQueue>().SendAsync(EncodeJob.For(await EntryAsync(play)), TimeSpan.FromHours(1), Token);
    }

    public async ValueTask DisposeAsync()
    {
        if (app is not null)
        {
            await app.DisposeAsync();
        }

        Directory.Delete(Folder, recursive: true);
    }
}

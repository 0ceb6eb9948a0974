using HlsCache.Core.Entries;
using HlsCache.Core.Keys;

namespace HlsCache.Encoder.Tests.Stage;

/// <summary>An entry store that a test may look at and fail, before and behind each write.</summary>
internal sealed class HookedEntryStore(IEntryStore inner) : IEntryStore
{
    public Func<string, EntryKey, Task> Before { get; set; } = (_, _) => Task.CompletedTask;

    public Action<string, EntryKey> After { get; set; } = (_, _) => { };

    public Task<EntrySnapshot> ReadAsync(EntryKey key, CancellationToken cancellationToken) => inner.ReadAsync(key, cancellationToken);

    public Task<Entry?> FindAsync(GenerationId id, CancellationToken cancellationToken) => inner.FindAsync(id, cancellationToken);

    public Task<Entry?> TryStartAsync(Entry entry, EntryPointer? replaced, CancellationToken cancellationToken) =>
        WriteAsync("start", entry.Id.Key, () => inner.TryStartAsync(entry, replaced, cancellationToken));

    public Task<Entry?> TryUpdateAsync(Entry entry, CancellationToken cancellationToken) =>
        WriteAsync("update", entry.Id.Key, () => inner.TryUpdateAsync(entry, cancellationToken));

    public Task<bool> TryDeleteAsync(Entry entry, CancellationToken cancellationToken) =>
        WriteAsync("delete", entry.Id.Key, () => inner.TryDeleteAsync(entry, cancellationToken));

    public Task<bool> TryPointAsync(EntryPointer pointer, CancellationToken cancellationToken) =>
        WriteAsync("point", pointer.Key, () => inner.TryPointAsync(pointer, cancellationToken));

    public Task<bool> TryDeleteAsync(EntryPointer pointer, CancellationToken cancellationToken) =>
        WriteAsync("delete-pointer", pointer.Key, () => inner.TryDeleteAsync(pointer, cancellationToken));

    public Task DeleteBrokenAsync(EntryKey key, CancellationToken cancellationToken) => inner.DeleteBrokenAsync(key, cancellationToken);

    public Task<KeyRows?> ReadAllAsync(EntryKey key, CancellationToken cancellationToken) => inner.ReadAllAsync(key, cancellationToken);

    public IAsyncEnumerable<KeyRows> ListAsync(CancellationToken cancellationToken) => inner.ListAsync(cancellationToken);

    public IAsyncEnumerable<KeyRows> ListAfterAsync(EntryKey key, CancellationToken cancellationToken) => inner.ListAfterAsync(key, cancellationToken);

    private async Task<T> WriteAsync<T>(string call, EntryKey key, Func<Task<T>> write)
    {
        await Before(call, key);
        var result = await write();
        After(call, key);
        return result;
    }
}

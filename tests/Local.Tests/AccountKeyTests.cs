namespace HlsCache.Local.Tests;

/// <summary>Storage that only this user's processes can use.</summary>
public sealed class AccountKeyTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly DirectoryInfo data = Directory.CreateTempSubdirectory("hls-cache-key-");

    private string KeyFile => Path.Combine(data.FullName, "storage.key");

    [Fact]
    public void A_directory_keeps_its_key_and_another_has_another()
    {
        var key = AccountKey.Provide(data.FullName);
        AccountKey.Provide(data.FullName).ShouldBe(key);
        string.Equals(AccountKey.Provide(data.CreateSubdirectory("other").FullName), key, StringComparison.Ordinal).ShouldBeFalse();
    }

    [Fact]
    public void Nobody_else_may_read_it_even_if_somebody_could_before()
    {
        var key = AccountKey.Provide(data.FullName);
        File.GetUnixFileMode(KeyFile).ShouldBe(OwnerOnly);
        File.SetUnixFileMode(KeyFile, OwnerOnly | UnixFileMode.OtherRead);
        AccountKey.Provide(data.FullName).ShouldBe(key);
        File.GetUnixFileMode(KeyFile).ShouldBe(OwnerOnly);
    }

    [Theory]
    [InlineData("")]
    [InlineData("not a key")]
    [InlineData("c2hvcnQ=")]
    public void A_file_that_holds_no_key_is_named(string text)
    {
        File.WriteAllText(KeyFile, text);
        Should.Throw<InvalidDataException>(() => AccountKey.Provide(data.FullName)).Message.ShouldBe($"{KeyFile} does not hold a storage account key; delete it, and a new one is made.");
    }

    public void Dispose() => data.Delete(recursive: true);
}

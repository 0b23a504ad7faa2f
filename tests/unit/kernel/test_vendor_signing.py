"""Signatures agree with the examples the vendors publish."""

from tongban.kernel.vendors import signing


def test_alibaba_cloud_publishes_this_example() -> None:
    query = signing.canonical_query(
        {"RegionId": "cn-shanghai", "ImageId": "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd"}
    )
    headers = {
        "host": "ecs.cn-shanghai.aliyuncs.com",
        "x-acs-action": "RunInstances",
        "x-acs-content-sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "x-acs-date": "2023-10-26T10:22:32Z",
        "x-acs-signature-nonce": "3156853299f313e23d1673dc12e1703d",
        "x-acs-version": "2014-05-26",
    }
    authorization = signing.acs3(
        key_id="YourAccessKeyId",
        key_secret="YourAccessKeySecret",
        method="POST",
        query=query,
        headers=headers,
        body=b"",
    )
    assert authorization == (
        "ACS3-HMAC-SHA256 Credential=YourAccessKeyId,"
        "SignedHeaders=host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version,"
        "Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"
    )


def test_tencent_cloud_publishes_this_example() -> None:
    body = b'{"Limit": 1, "Filters": [{"Values": ["\\u672a\\u547d\\u540d"], "Name": "instance-name"}]}'
    authorization = signing.tc3(
        key_id="AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE",
        key_secret="Gu5t9xGARNpq86cd98joQYCN3EXAMPLE",
        service="cvm",
        at=1551113065,
        headers={"Content-Type": "application/json; charset=utf-8", "Host": "cvm.tencentcloudapi.com"},
        body=body,
    )
    assert authorization == (
        "TC3-HMAC-SHA256 Credential=AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE/2019-02-25/cvm/tc3_request, "
        "SignedHeaders=content-type;host, "
        "Signature=72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168"
    )


def test_everything_but_unreserved_characters_is_encoded() -> None:
    assert signing.canonical_query({"b": "a b*c~d/e", "a": "张三"}) == "a=%E5%BC%A0%E4%B8%89&b=a%20b%2Ac~d%2Fe"
